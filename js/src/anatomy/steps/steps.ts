/** The ten steps in order. */
import type { Step } from "../step";
import { activation } from "./activation";
import { evidence } from "./evidence";
import { filter } from "./filter";
import { functionWord } from "./function-word";
import { grid } from "./grid";
import { interference } from "./interference";
import { normalisation } from "./normalisation";
import { product } from "./product";
import { scale } from "./scale";
import { weights } from "./weights";

export const STEPS: readonly Step[] = [
  grid,
  product,
  activation,
  functionWord,
  weights,
  interference,
  scale,
  normalisation,
  filter,
  evidence,
];
