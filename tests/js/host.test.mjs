/** What the page has from its host: the same from a site and from a file. */
import assert from "node:assert/strict";
import { test } from "node:test";

import * as site from "../../site/js/host.js";
import * as standalone from "../../site/js/host-standalone.js";

test("the one that stands in has all that the other one has", () => {
  assert.deepEqual(Object.keys(standalone).sort(), Object.keys(site).sort());
  assert.deepEqual(Object.keys(standalone.TRAINING_IMAGES), Object.keys(site.TRAINING_IMAGES));
});
