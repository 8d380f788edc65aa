/** English words that name nothing to be seen, which most shared words of two answers are. */

const FUNCTION_WORDS = new Set(
  (
    "a an the this that these those there here it its he him his she her hers they them their we us " +
    "our you your i me my who whom whose which what and or but nor so if as than then because while " +
    "of in on at to by for from with without into onto over under up down off out about between " +
    "among through is are was were be been being am has have had having do does did can could may " +
    "might must shall should will would not no yes also very too just some any all both each every " +
    "other another such one's let's"
  ).split(" "),
);

/** Whether a word, as an answer writes it, is such a word. */
export const isFunctionWord = (text: string) => FUNCTION_WORDS.has(text.toLowerCase());
