/** The explorer without Jupyter: it opens what is written into the page; or is Streamlit's. */
import { bundledPart } from "./bundled-parts";
import { openPage } from "./page";
import { render } from "./render";

export { default } from "./streamlit";

openPage(render, bundledPart);
