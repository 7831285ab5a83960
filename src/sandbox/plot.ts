/** Observable Plot as a text of its own, for the frames that draw with it. */
import * as Plot from "@observablehq/plot";

export default Plot;
