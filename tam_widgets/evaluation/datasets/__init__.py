"""Data sets: pictures with captions and labelled masks.

A data set is any sequence of `Item`s with a `name`; a list of items will do. A folder of your own:

    class Photos:
        name = "my photos"
        paths = sorted(Path("photos").glob("*.jpg"))

        def __len__(self):
            return len(self.paths)

        def __getitem__(self, number):
            path = self.paths[number]
            return Item(path.stem, path, "Describe this image.", path.with_suffix(".png"),
                        {"cat": 1, "dog": 2})

`First(data, 100)` is the beginning of any of them.
"""

from tam_widgets.evaluation.datasets.authors import coco2014, gran_df, open_psg
from tam_widgets.evaluation.datasets.beginning import First
from tam_widgets.evaluation.datasets.coco import CocoFolder, coco
from tam_widgets.evaluation.datasets.item import Dataset, Item
from tam_widgets.evaluation.datasets.opening import open_dataset
from tam_widgets.evaluation.datasets.scenes import DemoScenes

__all__ = [
    "CocoFolder",
    "Dataset",
    "DemoScenes",
    "First",
    "Item",
    "coco",
    "coco2014",
    "gran_df",
    "open_dataset",
    "open_psg",
]
