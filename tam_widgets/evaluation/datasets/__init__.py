"""Data sets: pictures with captions and labelled masks.

A data set is any sequence of `Sample`s with a `name`; a list of samples will do. A folder of your
own:

    class Photos:
        name = "my photos"
        paths = sorted(Path("photos").glob("*.jpg"))

        def __len__(self):
            return len(self.paths)

        def __getitem__(self, number):
            path = self.paths[number]
            return Sample(path.stem, path, "Describe this image.", path.with_suffix(".png"),
                        {"cat": 1, "dog": 2})

`Head(data, 100)` holds the first 100 samples of any of them.
"""

from tam_widgets.evaluation.datasets.authors import coco2014, gran_df, open_psg
from tam_widgets.evaluation.datasets.coco import CocoFolder, coco
from tam_widgets.evaluation.datasets.resolve import resolve_dataset
from tam_widgets.evaluation.datasets.sample import Dataset, Sample
from tam_widgets.evaluation.datasets.scenes import DemoScenes
from tam_widgets.evaluation.datasets.subset import Head

__all__ = [
    "CocoFolder",
    "Dataset",
    "DemoScenes",
    "Head",
    "Sample",
    "coco",
    "coco2014",
    "gran_df",
    "open_psg",
    "resolve_dataset",
]
