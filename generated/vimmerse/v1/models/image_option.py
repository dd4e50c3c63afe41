# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

ImageOption = Literal[
    "Auto",
    "AutoI",
    "Flux1.1Pro",
    "Flux1.1ProUltra",
    "FluxFinetuned",
    "FluxKontextMax",
    "FluxKontextPro",
    "FluxPro",
    "FluxTurbo",
    "GPTImage",
    "LeonardoImage",
    "NanoBanana",
    "NanoBananaPro",
    "OpenAI-Image-1",
    "QwenImage",
    "Seedream",
    "StableDiffusion3.5",
]

IMAGE_OPTION_VALUES: set[ImageOption] = {
    "Auto",
    "AutoI",
    "Flux1.1Pro",
    "Flux1.1ProUltra",
    "FluxFinetuned",
    "FluxKontextMax",
    "FluxKontextPro",
    "FluxPro",
    "FluxTurbo",
    "GPTImage",
    "LeonardoImage",
    "NanoBanana",
    "NanoBananaPro",
    "OpenAI-Image-1",
    "QwenImage",
    "Seedream",
    "StableDiffusion3.5",
}


def check_image_option(value: str) -> ImageOption:
    if value in IMAGE_OPTION_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {IMAGE_OPTION_VALUES!r}")
