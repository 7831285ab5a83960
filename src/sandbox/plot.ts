/** Observable Plot as a text of its own, for the frames that draw with it. */
import * as Plot from "@observablehq/plot";

/** Plot draws this wide if nobody says otherwise, and a narrower page would shrink its letters. */
const USUAL_WIDTH = 640;

const plot: typeof Plot.plot = (options = {}) => Plot.plot({ width: Math.min(USUAL_WIDTH, document.documentElement.clientWidth || USUAL_WIDTH), ...options });

export default { ...Plot, plot };
