/** The anywidget entry: one module, one style sheet. */
import "./widget.css";
import { render } from "./render";

export default { render };
