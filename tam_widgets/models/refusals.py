"""Model types of transformers that are not supported, each with what stands against it.

Data only, one type a line: whoever adds a family deletes its lines here and runs
`python -m scripts.list_refusals`, which brings docs/families.md up to date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """What several model types are refused for.

    Attributes:
        title: The reason as a heading.
        verdict: What is said of a type, behind its name.
        remedy: How to go on, as a sentence.
        types: By model type, why it is so: a clause about "it".
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
        "idefics": "gated cross-attention layers between those of its decoder look at the picture, for which the prompt holds one token",
        "mllama": "some layers of its decoder look at the picture by cross-attention, and the prompt holds one token for it",
    },
)

RESAMPLER = Reason(
    title="Visual tokens that stand for no place",
    verdict="cannot be explained",
    remedy="No token of its input stands for a place in the picture, and no Family can change that",
    types={
        "aria": "its visual tokens are 128 or 256 learned queries, each of which looks at all patches",
        "blip-2": "its visual tokens are 32 learned queries of a Q-Former, each of which looks at the whole picture",
        "deepseek_ocr2": "its visual tokens are 144 or 256 learned queries a view, which its encoder reads behind the patches and which look at all of them",
        "idefics2": "its visual tokens are 64 latents of a perceiver, each of which looks at the whole picture or tile",
        "instructblip": "its visual tokens are 32 learned queries of a Q-Former, which looks at the whole picture and reads the prompt as well",
        "instructblipvideo": "its visual tokens are 32 learned queries of a Q-Former a frame, each of which looks at the whole frame",
        "kosmos-2": "its visual tokens are 64 latent queries, each of which looks at the whole picture",
        "kosmos-2.5": "its visual tokens are 2048 latent queries, each of which looks at the whole page",
    },
)

NO_CHAT = Reason(
    title="No chat model",
    verdict="is no chat model",
    remedy="No Family can change that",
    types={
        "blip": "it writes captions, and its text decoder looks at the picture by cross-attention",
        "diffusion_gemma": "it denoises blocks of tokens together, so that no token is written from the hidden state before it",
        "florence2": "it is an encoder and a decoder for tasks such as detection, each with a mark of its own; what is written looks at the picture by cross-attention only",
        "git": "it writes captions; the picture's features are put before the text without tokens in the input",
        "pi0": "it predicts the movements of a robot, and no text",
        "pix2struct": "it is an encoder and a decoder; the question is drawn onto the picture, and what is written looks at it by cross-attention",
        "pp_formulanet": "it writes down the formula of a picture and takes no prompt",
        "shieldgemma2": "it classifies a picture by the probabilities of Yes and No, and its processor writes the prompts itself",
        "t5gemma2": "it is an encoder and a decoder; visual tokens are in the encoder's input, apart from what is written",
        "udop": "it is an encoder and a decoder of scanned words and their boxes; what is written looks at them by cross-attention",
        "vision-encoder-decoder": "it joins any two models by cross-attention and takes no prompt beside the picture",
    },
)

NO_PICTURES = Reason(
    title="No pictures",
    verdict="takes no picture",
    remedy="Load a model that sees pictures",
    types={
        "evolla": "it answers questions about proteins",
        "mistral4": "it is a text decoder; where Mistral Small 4 sees pictures it is of model type mistral3, whose text_config is mistral4",
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
        "chameleon": "its visual tokens are 32 x 32 entries of an image vocabulary, of the centre square; its prompt needs a separator and it shares its vocabulary with pictures that it draws",
        "cohere_compass": "it merges patches 2 x 2 over the whole picture as Qwen3-VL does; no test shows that its grids are the same",
        "cosmos3_edge": "it merges patches 2 x 2 over the whole picture as Qwen3-VL does, resized as for GLM-4V; no test shows that its grids are the same",
        "cosmos3_omni": "its reasoner is a Qwen3-VL, and the rest of the checkpoint is left out on loading; no test shows that its grids are the same",
        "deepseek_vl_hybrid": "two towers see the picture, padded to a square, at two resolutions, and their features are joined in one grid of 24 x 24",
        "dots3_note": "it merges patches as Qwen2-VL does and hears sound too; its tower and its decoder are mixtures of experts",
        "emu3": "its visual tokens are entries of an image vocabulary, with a token at the end of each row that has the image token's id",
        "fast_vlm": "a convolutional tower sees the picture and its features are the grid",
        "fuyu": "its patches are embedded without a tower, each row ends with a newline token, and it has no chat template",
        "glm5_next": "it merges patches 2 x 2 over the whole picture as GLM-4V does, padded or resized by rules of its own",
        "glmga": "it is GLM-4.6V with other steps of resizing, which go by patch_expand_factor",
        "granite_docling": "it cuts pages into tiles whose tokens are four times as many by its dense route",
        "hyperclovax_vision_v2": "a Qwen2.5-VL tower sees the whole picture; no test shows that its grids are the same",
        "inkling2": "it pads the picture on the right and below with -1 to whole patches, each of which is a token",
        "inkling_mm_model": "it pads the picture on the right and below, by a column more than is needed where the width comes out even, to patches each of which is a token",
        "kimi_k25": "it pads the picture on the right and below, merges patches 2 x 2 and averages the frames of a chunk of video",
        "lfm3_vl": "it merges patches 2 x 2 over the whole picture as Qwen3-VL does; no test shows that its grids are the same",
        "lighton_ocr": "it merges the patches of Pixtral's tower 2 x 2 without the row marks that Mistral 3 has",
        "minicpm_ocr": "it sees the whole picture and tiles of it, merges patches in two rounds, and each tile may have a number of tokens of its own",
        "minicpmv4_6": "it sees the whole picture and tiles of it and merges patches in two rounds, of which downsample_mode may leave one out",
        "minicpmv4_7": "it sees the whole picture and tiles of it and merges patches in two rounds, of which downsample_mode may leave one out",
        "minimax_m3_vl": "it merges patches 2 x 2 over the whole picture as Qwen2-VL does; no test shows that its grids are the same",
        "mistral_large4": "it merges the patches of Pixtral's tower as Mistral 3 does; no test shows that its grids are the same",
        "molmo2": "it pools patches of overlapping tiles, looks at the whole picture first, and ends rows with column tokens",
        "muse_glimmer": "it merges patches of the whole picture, resized by a rule of its own that keeps below a number of tokens",
        "muse_spark": "it merges patches as Muse Glimmer does and hears sound too",
        "nemotron_h_omni": "it shuffles 2 x 2 patches of the whole picture into one, writes frames of a video in pairs, and hears sound too",
        "phi4_multimodal": "it stitches tiles with tokens between rows, puts the whole picture's view behind them, and transformers does not load it as an image-text-to-text model",
        "pp_chart2table": "it is GOT-OCR 2 with other steps of processing",
        "qwen4_exp": "it merges patches 2 x 2 over the whole picture as Qwen3-VL does; no test shows that its grids are the same",
        "step3p7": "it sees windows of the picture, enlarged or padded by rules of its own, before the whole picture",
        "unlimited_ocr": "it stitches tiles before the whole picture's view, with a newline token after each row and one token behind both, all with the image token's id",
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
"""By a class that is not transformers' but goes by one of its model types: as `OTHER_TYPES`."""

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
"""By a model type of other code: checkpoints of such models, or of their successors, that
transformers' own code reads, by the model type that they have there."""
