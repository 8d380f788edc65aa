"""Model types of transformers that are not supported, each with the reason.

Data only, one type for each line: to add a family, delete its lines here and run
`python -m scripts.list_refusals`, which updates docs/families.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """A reason for which several model types are refused.

    Attributes:
        title: The reason as a heading.
        verdict: The end of a sentence that begins with the model type.
        remedy: What to do instead, as a sentence.
        types: By model type, details as a clause about "it".
    """

    title: str
    verdict: str
    remedy: str
    types: Mapping[str, str]


CROSS_ATTENTION = Reason(
    title="Cross-attention",
    verdict="cannot be explained",
    remedy="No token of its input covers pixels, and no Family can change that",
    types={
        "idefics": "gated cross-attention layers between those of its decoder attend to the picture, for which the prompt has one token",
        "mllama": "some layers of its decoder attend to the picture by cross-attention, and the prompt has one token for it",
    },
)

RESAMPLER = Reason(
    title="Visual tokens without a place",
    verdict="cannot be explained",
    remedy="No token of its input corresponds to a place in the picture, and no Family can change that",
    types={
        "aria": "its visual tokens are 128 or 256 learned queries, each of which attends to all patches",
        "blip-2": "its visual tokens are 32 learned queries of a Q-Former, each of which attends to the whole picture",
        "deepseek_ocr2": "its visual tokens are 144 or 256 learned queries for each view, which its encoder reads after the patches and which attend to all of them",
        "idefics2": "its visual tokens are 64 latents of a perceiver, each of which attends to the whole picture or tile",
        "instructblip": "its visual tokens are 32 learned queries of a Q-Former, which attends to the whole picture and to the prompt",
        "instructblipvideo": "its visual tokens are 32 learned queries of a Q-Former for each frame, each of which attends to the whole frame",
        "kosmos-2": "its visual tokens are 64 latent queries, each of which attends to the whole picture",
        "kosmos-2.5": "its visual tokens are 2048 latent queries, each of which attends to the whole page",
    },
)

NO_CHAT = Reason(
    title="Not a chat model",
    verdict="is not a chat model",
    remedy="No Family can change that",
    types={
        "blip": "it writes captions, and its text decoder attends to the picture by cross-attention",
        "diffusion_gemma": "it denoises blocks of tokens together, so that no token is predicted from the hidden state before it",
        "florence2": "it is an encoder-decoder for tasks such as detection, each with its own marker; the output attends to the picture only by cross-attention",
        "git": "it writes captions; the picture's features precede the text without tokens in the input",
        "pi0": "it predicts the movements of a robot, not text",
        "pix2struct": "it is an encoder-decoder; the question is drawn onto the picture, to which the output attends by cross-attention",
        "pp_formulanet": "it transcribes the formula in a picture and takes no prompt",
        "shieldgemma2": "it classifies a picture by the probabilities of Yes and No, and its processor writes the prompts itself",
        "t5gemma2": "it is an encoder-decoder; visual tokens are in the input of the encoder, separate from the output",
        "udop": "it is an encoder-decoder for scanned words and their boxes, to which the output attends by cross-attention",
        "vision-encoder-decoder": "it joins any two models by cross-attention and takes no prompt with the picture",
    },
)

NO_PICTURES = Reason(
    title="No pictures",
    verdict="takes no pictures",
    remedy="Load a model that takes pictures",
    types={
        "evolla": "it answers questions about proteins",
        "mistral4": "it is a text decoder; the version of Mistral Small 4 that takes pictures has model type mistral3, with a text_config of mistral4",
    },
)

NOT_YET = Reason(
    title="Not yet",
    verdict="is not supported yet",
    remedy=(
        "To add it, subclass tam_widgets.models.Family (which pixels does each visual token "
        "cover?) and call tam_widgets.models.register, as docs/families.md shows"
    ),
    types={
        "apertus1p5": "its visual tokens are entries of an image vocabulary, one for 16 x 16 pixels of the whole picture, with a token between rows; it also takes audio",
        "chameleon": "its visual tokens are 32 x 32 entries of an image vocabulary, over the centre square; its prompt needs a separator, and it can also draw pictures with the same vocabulary",
        "cohere_compass": "it merges patches 2 x 2 over the whole picture as Qwen3-VL does; no test shows that its grids are the same",
        "cosmos3_edge": "it merges patches 2 x 2 over the whole picture as Qwen3-VL does, resized as for GLM-4V; no test shows that its grids are the same",
        "cosmos3_omni": "its reasoner is a Qwen3-VL, and the rest of the checkpoint is not loaded; no test shows that its grids are the same",
        "deepseek_vl_hybrid": "two towers see the picture, padded to a square, at two resolutions, and their features are merged in one grid of 24 x 24",
        "dots3_note": "it merges patches as Qwen2-VL does and also takes audio; its tower and its decoder are mixtures of experts",
        "emu3": "its visual tokens are entries of an image vocabulary, with a token at the end of each row that has the image token's id",
        "fast_vlm": "a convolutional tower sees the picture, and its features form the grid",
        "fuyu": "its patches are embedded without a tower, each row ends with a newline token, and it has no chat template",
        "glm5_next": "it merges patches 2 x 2 over the whole picture as GLM-4V does, padded or resized by its own rules",
        "glmga": "it is GLM-4.6V with different resizing, by patch_expand_factor",
        "granite_docling": "it cuts pages into tiles, which have four times as many tokens on its dense route",
        "hy_v4_vl": "it merges patches 2 x 2 over the whole picture, and each row ends with a newline token that has the image token's id",
        "hyperclovax_vision_v2": "a Qwen2.5-VL tower sees the whole picture; no test shows that its grids are the same",
        "inkling2": "it pads the picture on the right and below with -1 to whole patches, and each patch is a token",
        "inkling2_loop": "it reads the picture as Inkling 2 does, and a group of its decoder's layers runs several times",
        "inkling_mm_model": "it pads the picture on the right and below, with one extra column if the width is a multiple of the patch size, to patches that are one token each",
        "kimi_k25": "it pads the picture on the right and below, merges patches 2 x 2 and averages the frames of a chunk of video",
        "lfm3_vl": "it merges patches 2 x 2 over the whole picture as Qwen3-VL does; no test shows that its grids are the same",
        "lighton_ocr": "it merges the patches of Pixtral's tower 2 x 2 without the row breaks that Mistral 3 has",
        "minicpm_ocr": "it sees the whole picture and tiles of it, merges patches in two rounds, and each tile may have a different number of tokens",
        "minicpmv4_6": "it sees the whole picture and tiles of it and merges patches in two rounds, one of which downsample_mode may skip",
        "minicpmv4_7": "it sees the whole picture and tiles of it and merges patches in two rounds, one of which downsample_mode may skip",
        "minimax_m3_vl": "it merges patches 2 x 2 over the whole picture as Qwen2-VL does; no test shows that its grids are the same",
        "mistral_large4": "it merges the patches of Pixtral's tower as Mistral 3 does; no test shows that its grids are the same",
        "molmo2": "it pools patches of overlapping tiles, sees the whole picture first, and ends rows with column tokens",
        "muse_glimmer": "it merges patches of the whole picture, resized by its own rule to stay below a number of tokens",
        "muse_spark": "it merges patches as Muse Glimmer does and also takes audio",
        "nemotron_h_omni": "it shuffles 2 x 2 patches of the whole picture into one, writes frames of a video in pairs, and also takes audio",
        "phi4_multimodal": "it stitches tiles with tokens between rows, appends a view of the whole picture, and transformers does not load it as an image-text-to-text model",
        "pp_chart2table": "it is GOT-OCR 2 with different processing",
        "qwen4_exp": "it merges patches 2 x 2 over the whole picture as Qwen3-VL does; no test shows that its grids are the same",
        "step3p7": "it sees windows of the picture, enlarged or padded by its own rules, before the whole picture",
        "unlimited_ocr": "it stitches tiles before the whole picture's view, with a newline token after each row and one token after both, all with the image token's id",
    },
)

REASONS = (NOT_YET, CROSS_ATTENTION, RESAMPLER, NO_CHAT, NO_PICTURES)

_LLAVA = {"llava": "llava-hf/llava-1.5-7b-hf", "llava_next": "llava-hf/llava-v1.6-mistral-7b-hf"}
_ONEVISION = {"llava_onevision": "llava-hf/llava-onevision-qwen2-7b-ov-hf"}

OTHER_CLASSES: Mapping[str, Mapping[str, str]] = {
    "LlavaLlamaForCausalLM": _LLAVA,
    "LlavaMistralForCausalLM": _LLAVA,
    "LlavaQwenForCausalLM": _ONEVISION,
}
"""As `OTHER_TYPES`, by classes of other code that use a model type of transformers."""

OTHER_TYPES: Mapping[str, Mapping[str, str]] = {
    "GOT": {"got_ocr2": "stepfun-ai/GOT-OCR-2.0-hf"},
    "internvl_chat": {"internvl": "OpenGVLab/InternVL3-2B-hf"},
    "llava_llama": _LLAVA,
    "llava_mistral": _LLAVA,
    "llava_qwen": _ONEVISION,
    "llava_qwen2": {"fast_vlm": "KamilaMila/FastVLM-0.5B"},
    "multi_modality": {
        "deepseek_vl": "deepseek-community/deepseek-vl-1.3b-chat",
        "janus": "deepseek-community/Janus-Pro-1B",
    },
    "ovis": {"ovis2": "thisisiron/Ovis2-2B-hf"},
    "qwen": {"qwen2_vl": "Qwen/Qwen2-VL-7B-Instruct"},
    "videollama3_qwen2": {"video_llama_3": "lkhl/VideoLLaMA3-2B-Image-HF"},
}
"""By model types of other code: checkpoints of such models, or their successors, that
transformers' own code can load, by their model type there."""
