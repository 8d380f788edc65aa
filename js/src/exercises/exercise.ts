/** The anywidget entry of exercises, which also opens one that is written into a page. */
import "./exercise.css";
import { openPage } from "../page";
import { render } from "./render";

export default { render };

openPage(render);
