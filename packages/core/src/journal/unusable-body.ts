/** Nothing can be made of a body. The message says why, and holds nothing of what is in it. */
export class UnusableBody extends Error {
  constructor(why: string) {
    super(why);
    this.name = "UnusableBody";
  }
}
