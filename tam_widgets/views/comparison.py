"""Explanations, or methods of one, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from ..explanation.explanation import Explanation
from .explorer import Explorer, check_explanations
from .questions.models import checked_explainers, explainers_of
from .settings import ComparisonSettings
from .side_by_side import PanelMethods, by_method

if TYPE_CHECKING:
    from ..capture.explainer import Explainer

MAP_OPTIONS = ("eci", "kernel_size", "border")


def compare(
    *explanations: Explanation,
    methods: PanelMethods | None = None,
    explainer: Explainer | Sequence[Explainer | None] | None = None,
    **settings: Unpack[ComparisonSettings],
) -> Explorer:
    """Explanations, or methods of one explanation, side by side; words that they share are linked.

    Pointing at a word shows its map in every panel whose text has the word, and says so where it
    does not; the arrow keys up and down go from panel to panel. Words of an answer that no other
    answer has have a dashed underline.

    What is done in one panel is mirrored in the others:

    - Pointing at a place of a picture shows the value and the cell there on the same picture in
      every panel, and a box drawn on it ranks the words of all of them. Pictures count as the same
      if their stored bytes and full sizes are equal; nothing is mirrored to another picture.
      `box` names the panel in which it was drawn.
    - Another word in a token's place (`counterfactual`, `contrast`) is shown in the linked token's
      place too, if that token has an alternative of the same text; else the panel says that it
      has none.

    The button *difference* opens the difference of two panels' maps of the word in view. Both are
    resampled to a common raster in picture coordinates: the finer of the two grids, over what both
    models saw. With three or more panels, the pair can be chosen. Beside it stands how far the
    maps agree, for the word in view and for all words that the two answers share, those with the
    least agreement first: Pearson's correlation, and the overlap (intersection over union) of the
    areas with at least half of each map's largest value. `Explorer.agreement` and
    `tam_widgets.agreement` return the same numbers.

    It opens with each map on a colour scale of its own, so that every map can be seen;
    `scale="shared"` makes their strengths comparable.

    With `methods`, one explanation is shown by several methods, a panel each. A menu beside each
    panel's title changes its own method, the one of the toolbar that of all panels. Difference and
    agreement are then those of two methods. The explanation's data travel to the browser once.

    A method that needs the model, and of which an explanation has no map, is computed first, for
    all tokens of the answer and with a progress bar, if the explanation's model is still loaded or
    given. `Explainer.cost` says before how many of its passes that takes, from one for
    `"attention"` to thousands. The view's `explanations` have the maps, to be saved. If some tokens
    have maps, nothing is computed, and the view says of the others that they were not computed.

    Args:
        *explanations: Two to four, of one picture or of several, each by any model and with any
            prompt; more are possible, but small. With `methods` one, or one for each of them.
        methods: Names of methods, or variants of registered ones, a panel each; variants are
            computed once, with the first values of the settings. By default all panels show the
            setting `method`.
        explainer: As for `Explorer`.
        **settings: First values of the other traits of `Explorer`.

    Returns:
        The view, which a notebook shows.

    Raises:
        OptionError: If no explanation is given, or something else; there are neither one nor as
            many explanations as methods; a method is unknown; or it needs the model, and there are
            neither its maps nor the model.
        traitlets.TraitError: If a setting is outside its range; the message says the range.

    Example:
        >>> import tam_widgets as tw
        >>> view = tw.compare(qwen, llava)                          # doctest: +SKIP
        >>> min(view.agreement(), key=lambda one: one.correlation)  # doctest: +SKIP
        >>> tw.compare(qwen, methods=["tam", "attention"])          # doctest: +SKIP
    """
    if methods is None:
        return Explorer(*explanations, explainer=explainer, **settings)
    check_explanations(explanations)
    given = checked_explainers(explainer, len(explanations))
    options = {name: value for name, value in settings.items() if name in MAP_OPTIONS}
    models = explainers_of(explanations, given)
    panels, names = by_method(explanations, methods, models, options)
    given *= len(panels) // len(explanations)
    return Explorer(*panels, methods=names, explainer=given, **settings)
