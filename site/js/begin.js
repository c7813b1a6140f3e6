/**
 * The first of the page's code to run: begins the worker, since to start Python takes longer than all else. main.js comes
 * when all of its modules have.
 */
import { Engine } from "./engine.js";

export const engine = new Engine();
engine.begin();
