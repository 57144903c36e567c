"""Wrote the files beside it: numpy's own .npy files and pickles, and an LMDB
as MMF's lmdb_conversion.py makes them. Run: make_files.py FOLDER [SUFFIX]."""

import pathlib
import pickle
import sys

import numpy as np

out = pathlib.Path(sys.argv[1])
suffix = sys.argv[2] if len(sys.argv) > 2 else ""
out.mkdir(parents=True, exist_ok=True)

regions = np.arange(12, dtype="<f4").reshape(3, 4) / 4
info = {
    "bbox": np.array([[0, 1, 2, 3], [4, 5, 6, 7], [0, 0, 0, 0]], dtype="f4"),
    "num_boxes": 2,
    "objects": np.array([5, 6, 0]),
    "image_width": np.int64(640),
    "image_height": 480,
}
entry = {
    "features": regions,
    "num_boxes": np.int64(2),
    "image_height": 480,
    "feature_path": "../../elsewhere.npy",
}
for protocol in range(6):
    (out / f"entry{suffix}_protocol{protocol}.pickle").write_bytes(
        pickle.dumps(entry, protocol=protocol)
    )
if suffix:
    sys.exit()

np.save(out / "regions.npy", regions)
np.save(out / "regions_info.npy", info, allow_pickle=True)
np.save(out / "half.npy", regions.astype("<f2"))
np.save(out / "double.npy", regions.astype("<f8"))
np.save(out / "fortran.npy", np.asfortranarray(regions))
np.save(out / "big.npy", regions.astype(">f4"))
np.save(out / "complex.npy", regions.astype("c8"))
np.save(out / "structured.npy", np.zeros(2, dtype=[("x", "f4"), ("y", "i4")]))

import lmdb

store = lmdb.open(str(out / "regions.lmdb"), map_size=1 << 20)
with store.begin(write=True) as transaction:
    for key, scale in (("458752", 1), ("01235", 2), ("plain_name", 3)):
        value = dict(entry, features=scale * regions)
        transaction.put(key.encode(), pickle.dumps(value))
    transaction.put(b"keys", pickle.dumps([b"458752", b"01235", b"plain_name"]))
store.close()
(out / "regions.lmdb" / "lock.mdb").unlink()
