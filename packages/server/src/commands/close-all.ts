/** Closes all of them, also where one fails. */
export async function closeAll(open: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.allSettled(open.map((each) => each.close()));
}
