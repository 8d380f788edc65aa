/** The gallery's anywidget entry: one module, one style sheet. */
import "./gallery.css";
import { render } from "./render";

export default { render };
