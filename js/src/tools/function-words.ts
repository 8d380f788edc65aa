/** English words that name nothing to be seen, which most shared words of two answers are. */
import { function_words } from "../../../tam_widgets/contract.json";

const FUNCTION_WORDS = new Set(function_words.split(" "));

/** Whether a word, as an answer writes it, is such a word. */
export const isFunctionWord = (text: string) => FUNCTION_WORDS.has(text.toLowerCase());
