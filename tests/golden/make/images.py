"""Pictures of our own, decoded and resized by the library."""

import numpy
import PIL.Image
import torch

from make.common import HERE, random, version, write_json, write_tensors


def make_images():
  (HERE / "images").mkdir(exist_ok=True)
  mean = numpy.float32([0.485, 0.456, 0.406])
  deviation = numpy.float32([0.229, 0.224, 0.225])
  side, cases, tensors = 10, [], {}
  for name, file, mode in [("rgb", "rgb.jpg", "RGB"), ("grey", "grey.jpg", "L"),
                           ("rgba", "rgba.png", "RGBA")]:
    width, height = int(random.integers(17, 30)), int(random.integers(17, 30))
    # Waves with a little noise: what a photograph is to JPEG.
    y, x = numpy.mgrid[:height, :width]
    planes = [128 + 90 * numpy.sin(x / a + y / b) + random.normal(0, 8, x.shape)
              for a, b in random.uniform(2, 9, (len(mode), 2))]
    pixels = numpy.stack(planes, 2).clip(0, 255).astype("uint8")
    PIL.Image.fromarray(pixels.squeeze()).save(HERE / "images" / file)
    image = PIL.Image.open(HERE / "images" / file).convert("RGB")
    small = numpy.asarray(
        image.resize((side, side), PIL.Image.Resampling.BILINEAR))
    normalised = (small / numpy.float32(255) - mean) / deviation
    tensors[f"{name}/decoded_rgb_hwc"] = numpy.asarray(image)
    tensors[f"{name}/resized_rgb_hwc"] = small
    tensors[f"{name}/normalised_chw"] = normalised.transpose(2, 0, 1)
    cases.append({"name": name, "file": file, "width": width, "height": height,
                  "decoded_rgb_included": True})
  write_json("images/images.json", {
      "source": f"{version('pillow')}, bilinear; pictures of our own",
      "mean": mean.tolist(), "std": deviation.tolist(),
      "tensors": "images.safetensors", "cases": cases})
  write_tensors("images/images.safetensors",
                {k: torch.from_numpy(v.copy()) for k, v in tensors.items()})
