/** Texts that live views share with Python's still pictures. */
import { texts } from "../../tam_widgets/contract.json";

/** A shared text with its {placeholders} filled in. */
export function textOf(name: keyof typeof texts, values: Record<string, string> = {}): string {
  return texts[name].replace(/\{(\w+)\}/g, (_, key: string) => values[key]);
}
