import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { walk } from "../model/walk.ts";

/** More or fewer walks than usual, and the walk to repeat: what a failure prints. */
const { ECHOO_MODEL_RUNS, ECHOO_MODEL_SEED, ECHOO_MODEL_PATH } = process.env;

describe("the call model", () => {
  test("three users with two devices each hold every invariant on every walk", async () => {
    const { failure } = await walk({
      numRuns: Number(ECHOO_MODEL_RUNS ?? 5_000),
      ...(ECHOO_MODEL_SEED === undefined ? {} : { seed: Number(ECHOO_MODEL_SEED) }),
      ...(ECHOO_MODEL_PATH === undefined ? {} : { path: ECHOO_MODEL_PATH }),
    });
    assert.equal(failure, undefined, failure);
  });
});
