"""An event file, by TensorBoard's own messages and record writer."""

import io

from tensorboard.compat.proto import event_pb2
from tensorboard.summary.writer import record_writer

from make.common import HERE

# Exact in single precision, so that both sides round alike.
SCALARS = [(1, {"loss/total": 1.5, "dev/accuracy": 0.25}),
           (2, {"loss/total": -0.0078125, "dev/accuracy": 1.0}),
           (300, {"weight/text": 3.0e38, "learning_rate": 0.0})]


def make_tensorboard():
  file = io.BytesIO()
  writer = record_writer.RecordWriter(file)
  writer.write(event_pb2.Event(
      wall_time=1700000000.125,
      file_version="brain.Event:2").SerializeToString())
  for step, scalars in SCALARS:
    event = event_pb2.Event(wall_time=1700000000.125 + step, step=step)
    for tag, value in scalars.items():
      event.summary.value.add(tag=tag, simple_value=value)
    writer.write(event.SerializeToString())
  writer.flush()
  path = HERE / "tensorboard" / "events.out.tfevents.golden"
  path.parent.mkdir(exist_ok=True)
  path.write_bytes(file.getvalue())
