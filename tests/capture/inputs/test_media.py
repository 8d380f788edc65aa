"""Videos: files, lists and arrays become frames with their times, each once and in order."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets import errors
from tam_widgets.capture.inputs import video_decoding
from tam_widgets.capture.inputs.encoding import encode
from tam_widgets.capture.inputs.frame_sampling import frame_sampler
from tam_widgets.capture.inputs.media import Video, load_media, media_sources
from tam_widgets.models.medium import Medium

from ...models import tiny
from ...models.test_families import options

av = pytest.importorskip("av")

FPS = 5
FRAMES = 23
SIZE = (96, 64)


def shades(count: int = FRAMES, size: tuple[int, int] = SIZE) -> np.ndarray:
    """Frames of one grey each, 10 brighter than the one before."""
    grey = np.arange(count, dtype=np.uint8)[:, None, None, None] * 10
    return np.broadcast_to(grey, (count, size[1], size[0], 3)).copy()


def write(path: Path, frames: np.ndarray, rotation: int = 0) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=FPS)
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        if rotation:
            stream.set_display_rotation(rotation)
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module", params=["mp4", "mkv"])
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MP4 file, which says how many frames it has, and one that does not."""
    return write(tmp_path_factory.mktemp("films") / f"film.{request.param}", shades())


def load(source: Any, processor: Any = None) -> Medium:
    (medium,) = load_media([source], processor)
    return medium


def numbers(medium: Medium) -> list[int]:
    """Which frames they are, told by their grey."""
    return [round(float(np.asarray(picture).mean()) / 10) for picture in medium.pictures]


def test_frames_of_a_file_with_their_times(film: Path) -> None:
    medium = load(Video(film, frames=4))
    assert numbers(medium) == list(medium.indices) == [0, 7, 15, 22]
    assert medium.times == pytest.approx([0, 1.4, 3.0, 4.4], abs=0.01)
    assert (medium.total, medium.fps, medium.size) == (FRAMES, FPS, SIZE)


def test_frames_a_second(film: Path) -> None:
    medium = load(Video(film, fps=2.5))
    assert len(medium.pictures) == round(FRAMES / FPS * 2.5)
    assert numbers(medium) == list(medium.indices)


def test_a_file_shorter_than_asked_gives_each_frame_once(film: Path) -> None:
    assert numbers(load(Video(film, frames=100))) == list(range(FRAMES))


@pytest.mark.parametrize("kind", ["qwen3_vl", "glm4v", "glm46v"])
def test_files_are_sampled_as_the_models_own_processor_does(kind: str, film: Path) -> None:
    processor = tiny.video.processor_of(kind)
    made = processor.video_processor(
        [shades()],
        video_metadata=[{"total_num_frames": FRAMES, "fps": FPS, "duration": FRAMES / FPS}],
        do_sample_frames=True,
        return_metadata=True,
    )
    expected = np.unique(made["video_metadata"][0].frames_indices).tolist()
    assert numbers(load(film, processor)) == expected


def test_a_processor_without_sampling_gets_frames_evenly(film: Path) -> None:
    processor = tiny.video.processor_of("qwen2_vl")
    assert len(load(film, processor).pictures) == 16
    chosen = frame_sampler(processor, fps=1.0)
    assert len(load(Video(film, fps=1.0), processor).pictures) == len(chosen(_Metadata()))


class _Metadata:
    total_num_frames = FRAMES
    fps = FPS
    duration = FRAMES / FPS


def test_a_film_taken_upright_is_shown_upright(tmp_path: Path) -> None:
    half = np.zeros((4, 64, 96, 3), np.uint8)
    half[:, :, :48] = 255  # white on the left
    try:
        turned = load(Video(write(tmp_path / "phone.mp4", half, rotation=90)))
    except AttributeError:
        pytest.skip("this PyAV writes no rotation")
    pixels = np.asarray(turned.pictures[0])
    assert turned.size == (64, 96)
    assert pixels[:48].mean() < 30 < 225 < pixels[48:].mean()  # now at the bottom


def test_without_pyav_opencv_reads_it(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cv2")
    with_pyav = load(Video(film, frames=5))
    found = video_decoding.find_spec
    monkeypatch.setattr(
        video_decoding, "find_spec", lambda name: found(name) if name == "cv2" else None
    )
    medium = load(Video(film, frames=5))
    assert numbers(medium) == numbers(with_pyav)
    assert medium.times == pytest.approx(with_pyav.times, abs=0.01)


def test_without_any_decoder_it_says_what_to_install(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_decoding, "find_spec", lambda _name: None)
    with pytest.raises(errors.MissingExtraError, match=r"tam-widgets\[video\]"):
        load(film)


def test_lists_arrays_and_mixed_frames(tmp_path: Path) -> None:
    array = shades(3)
    Image.fromarray(array[1]).save(tmp_path / "one.png")
    mixed = [array[0], tmp_path / "one.png", Image.fromarray(array[2])]
    for source in (array, list(array), mixed):
        medium = load(Video(source, fps=4.0))
        assert numbers(medium) == [0, 1, 2]
        assert medium.times == (0.0, 0.25, 0.5)
    assert load(array).times == (0.0, 0.5, 1.0)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ([], "no frames"),
        (np.zeros((0, 4, 4, 3), np.uint8), "no frames"),
        ([np.zeros((4, 4, 3), np.uint8), np.zeros((4, 6, 3), np.uint8)], r"4 x 4, 6 x 4"),
        ("nowhere.mp4", "no such file"),
        (7, "type int"),
        (np.zeros((4, 4, 3), np.uint8), "type ndarray"),
    ],
)
def test_what_is_no_video(source: Any, said: str) -> None:
    with pytest.raises(errors.ImageError, match=said):
        load(Video(source))


@pytest.mark.parametrize("content", [b"", b"this is no film" * 100])
def test_a_file_that_is_no_video(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(content)
    with pytest.raises(errors.ImageError, match=r"broken.mp4: the video cannot be read"):
        load(tmp_path / "broken.mp4")


def test_a_file_that_is_cut_off(film: Path, tmp_path: Path) -> None:
    content = film.read_bytes()
    cut = tmp_path / film.name
    cut.write_bytes(content[: len(content) // 2])
    if film.suffix == ".mp4":  # its index is at the end
        with pytest.raises(errors.ImageError, match="cannot be read"):
            load(cut)
    else:
        found = numbers(load(Video(cut, frames=100)))
        assert found == list(range(len(found)))


@pytest.mark.parametrize(
    "given",
    [
        {"fps": 0},
        {"fps": "2"},
        {"fps": float("nan")},
        {"fps": float("inf")},
        {"frames": 0},
        {"frames": 2.5},
    ],
)
def test_settings_out_of_range(given: dict[str, Any]) -> None:
    with pytest.raises(errors.ImageError, match="above 0"):
        Video("film.mp4", **given)


def test_one_or_several_videos_beside_pictures() -> None:
    assert [v.source for v in media_sources(None, ["a.mp4", "b.mp4"])] == ["a.mp4", "b.mp4"]
    (frames,) = media_sources(None, ["a.png", "b.png"])
    assert frames.source == ["a.png", "b.png"]
    assert len(media_sources(["a.png", "b.png"], np.zeros((2, 4, 4, 3)))) == 3


@pytest.fixture(scope="module", params=tiny.VIDEO_MODELS)
def explainer(request: pytest.FixtureRequest) -> tw.Explainer:
    return tw.Explainer(*tiny.VIDEO_MODELS[request.param]())


@pytest.mark.parametrize("count", [2, 3, 6])
def test_every_frame_is_covered_once(explainer: tw.Explainer, count: int) -> None:
    ex = explainer.explain(
        video=shades(count), prompt="What is this?", progress=False, **options(explainer)
    )
    assert [image.time for image in ex.images] == [number / 2 for number in range(count)]
    assert {image.video for image in ex.images} == {0}
    covered = [grid.image + step for grid in ex.grids for step in range(grid.frames)]
    assert covered == list(range(count))
    spans = [grid.time for grid in ex.grids]
    assert spans[0][0] == 0
    assert spans[-1][1] == pytest.approx(count / 2)
    assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]


def test_one_frame_is_explained_or_refused_by_name(explainer: tw.Explainer) -> None:
    """Some video processors want two frames at least, depending on the version."""
    try:
        ex = explainer.explain(
            video=shades(1), prompt="What is this?", progress=False, **options(explainer)
        )
    except errors.ImageError as error:
        assert "a video of 1 frame, 96 x 64 pixels" in str(error)  # noqa: PT017
        assert explainer.family.name in ("qwen3_vl", "glm4v")
    else:
        assert [(grid.frames, grid.time) for grid in ex.grids] == [(1, (0.0, 0.5))]


def test_two_videos_keep_their_order(explainer: tw.Explainer) -> None:
    content = [
        {"type": "video"},
        {"type": "text", "text": "A red dog."},
        {"type": "video"},
        {"type": "text", "text": "What is this?"},
    ]
    media = [shades(4), shades(4, (64, 96))]
    ex = explainer.explain(
        None,
        [{"role": "user", "content": content}],
        video=media,
        progress=False,
        **options(explainer),
    )
    assert [image.video for image in ex.images] == [0] * 4 + [1] * 4
    assert [image.width for image in ex.images] == [96] * 4 + [64] * 4
    assert "A red dog." in ex.prompt_text
    assert ex.prompt_text.endswith("What is this?")
    for grid in ex.grids:  # some families see a square, but always the middle of their own frames
        left, top, right, bottom = grid.rect
        middle = (48, 32) if grid.image < 4 else (32, 48)
        assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx(middle, abs=1)


def test_the_processor_is_told_the_true_times(film: Path) -> None:
    def encoded(kind: str) -> Any:
        explainer = tw.Explainer(*tiny.VIDEO_MODELS[kind]())
        media = [Video(film, frames=5)]
        inputs = encode(
            explainer.family, explainer.model, explainer.processor, "What?", media
        ).inputs
        return inputs, explainer.processor.tokenizer.decode(inputs["input_ids"][0])

    inputs, _ = encoded("qwen2_5_vl")
    sampled = 5 / FRAMES * FPS  # frames a second, as transformers counts them
    assert float(inputs["second_per_grid_ts"][0]) == pytest.approx(2 / sampled)
    _, text = encoded("qwen3_vl")  # frames 0, 6, 11, 16, 22; two a patch, the last one doubled
    for middle in ("0.6", "2.7", "4.4"):
        assert f"<{middle} seconds>" in text
