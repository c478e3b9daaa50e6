from __future__ import annotations

from tests.indexer.conftest import bench as bench
from tests.indexer.conftest import crate as crate
from tests.indexer.conftest import toy as toy
