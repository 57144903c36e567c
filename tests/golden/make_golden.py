"""Makes this folder: a few golden values for every golden test.

The layout and the fields are those of the larger set that public peers' own
code made (see CONTRIBUTING.md), so the same tests read both. Nothing here comes
from the project's C++: formulas are written anew in numpy and plain torch,
and VisualBERT, the tokenizer, F1, ROC AUC and the pictures are the libraries'.

  pip install torch transformers scikit-learn pillow scipy tensorboard
  python tests/golden/make_golden.py

The tokenizer's settings need no more than its own library:

  pip install tokenizers
  cd tests/golden && python -m make.tokenizer_settings
"""

from make import (images, losses, metaweight, metrics, python_text,
                  tensorboard, tokenizer, tokenizer_settings, two_sample,
                  visualbert, vqa)

if __name__ == "__main__":
  losses.make_losses()
  metaweight.make_metaweight()
  vqa.make_vqa()
  metrics.make_metrics()
  tokenizer.make_tokenizer()
  tokenizer_settings.make_tokenizer_settings()
  visualbert.make_visualbert()
  images.make_images()
  two_sample.make_two_sample()
  tensorboard.make_tensorboard()
  python_text.make_python_text()
