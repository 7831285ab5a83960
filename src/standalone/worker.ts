/** Entry of the kernel's workers in a page that is one file. */
import "./worker-files";
import "../kernel/worker";
