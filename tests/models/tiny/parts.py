"""What the tiny models share: trained tokenizers and small text decoders."""

import json
from typing import Any

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

CORPUS = ["Describe this image. What is left of the red dog? A cat and two birds sit there."] * 3


def tokenizer(special: list[str], *, metaspace: bool, **options: Any) -> Any:
    backend = Tokenizer(models.BPE(byte_fallback=metaspace, unk_token="<unk>"))
    if metaspace:
        backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
        backend.decoder = decoders.Sequence(
            [
                decoders.Replace("▁", " "),
                decoders.ByteFallback(),
                decoders.Fuse(),
                decoders.Strip(" ", 1, 0),
            ]
        )
        bytes_ = [f"<0x{i:02X}>" for i in range(256)]
        alphabet: list[str] = []
    else:
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        backend.decoder = decoders.ByteLevel()
        bytes_, alphabet = [], pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=440, special_tokens=["<unk>"], initial_alphabet=alphabet, show_progress=False
    )
    backend.train_from_iterator(CORPUS, trainer)
    if bytes_:
        learnt = json.loads(backend.to_str())["model"]
        vocabulary = {
            **learnt["vocab"],
            **{b: len(learnt["vocab"]) + i for i, b in enumerate(bytes_)},
        }
        merges = [tuple(merge) for merge in learnt["merges"]]
        backend.model = models.BPE(vocabulary, merges, byte_fallback=True, unk_token="<unk>")
    backend.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in special])
    return transformers.PreTrainedTokenizerFast(tokenizer_object=backend, **options)


def text_config(tokenizer: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }


def decoder(model: Any) -> Any:
    """The stack of decoder layers, where the class names one with a head on top of it too."""
    named = model.get_decoder()
    return getattr(named, "model", named)


def finished(model: Any, tokenizer: Any) -> Any:
    for layer in decoder(model).layers:  # else attention hardly shows in the answer
        for weight in layer.parameters():
            if weight.ndim > 1:
                torch.nn.init.normal_(weight, std=0.2)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    return model.eval()


def without_attention(tower: torch.nn.Module) -> None:
    """Makes each visual token depend on its own pixels only, so that geometry can be probed."""
    for name, module in tower.named_modules():
        if name.endswith(("attn.proj", "attn.out_proj", "attn.o_proj", "attention.o_proj")):
            torch.nn.init.zeros_(module.weight)


def pillow(image_processor: str) -> Any:
    """The image processor that reads pictures without torchvision, where there is one."""
    return getattr(transformers, f"{image_processor}Pil", getattr(transformers, image_processor))
