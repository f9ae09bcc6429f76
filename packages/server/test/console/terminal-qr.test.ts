import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "uqr";
import { terminalQr } from "../../src/console/terminal-qr.ts";

const address = "https://192.168.1.20:3443/";

test("a QR code in the terminal shows each module of the code, light ones as blocks", () => {
  const { data, size } = encode(address, { border: 2 });
  const lines = terminalQr(address, false);
  const isDark = (row: number, column: number) => {
    const character = lines[row >> 1]?.[column] ?? " ";
    return row % 2 === 0 ? character === " " || character === "▄" : character === " " || character === "▀";
  };
  assert.equal(lines.length, Math.ceil(size / 2));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      assert.equal(isDark(row, column), data[row]?.[column], `row ${row}, column ${column}`);
    }
  }
});

test("in a terminal every line brings its own colours, so that a light theme does not invert it", () => {
  const [plain, coloured] = [terminalQr(address, false), terminalQr(address, true)];
  assert.deepEqual(
    coloured,
    plain.map((line) => `\u001b[97;40m${line}\u001b[0m`),
  );
});
