/** What the parent tells this process: the users' own paths, and their tokens. */
interface Reader {
  readonly phone: string;
  readonly token: string;
}

const [url = "", json = "[]"] = process.argv.slice(2);
const readers = JSON.parse(json) as readonly Reader[];
const wanted = process.argv[4] === undefined ? Number.POSITIVE_INFINITY : Number(process.argv[4]);
let isOver = false;
process.once("message", () => {
  isOver = true;
});

async function read({ phone, token }: Reader, path: string): Promise<number> {
  const response = await fetch(url + path.replace(":phone", phone), { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
  const body = JSON.parse(text) as { calls: number | unknown[] };
  const calls = typeof body.calls === "number" ? body.calls : body.calls.length;
  if (calls !== wanted) throw new Error(`${path} has ${calls} of ${wanted} calls`);
  return text.length;
}

/** Everybody reads everything of theirs at once, again and again, in a process of its own: the test's has calls to make. */
let [rounds, chars] = [0, 0];
while (!isOver) {
  const all = readers.flatMap((reader) =>
    ["/api/users/:phone/export", "/api/stats/:phone?days=366"].map((path) => read(reader, path)),
  );
  for (const length of await Promise.all(all)) chars += length;
  rounds += 1;
}
process.send?.({ rounds, chars });
process.disconnect();
