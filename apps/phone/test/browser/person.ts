import type { Browser } from "playwright-core";
import { Visitor } from "./visitor.ts";

/** Somebody signed in at a page of their own browser, and what they do there, hook by hook. */
export class Person {
  readonly number: string;
  readonly #visitor: Visitor;

  private constructor(visitor: Visitor) {
    this.#visitor = visitor;
    this.number = visitor.phone;
  }

  static async signIn(
    browser: Pick<Browser, "newContext">,
    url: string,
    number: string,
    name: string,
  ): Promise<Person> {
    return new Person(await Visitor.signedIn(browser, { phone: number, name, url: url.replace(/\/$/, "") }));
  }

  get page() {
    return this.#visitor.page;
  }

  /** What the page complained about. */
  get problems(): readonly string[] {
    return this.#visitor.complaints;
  }

  async dial(number: string, hook: "call-video" | "call-audio" = "call-video"): Promise<void> {
    await this.#visitor.at("dial-input").fill(number);
    await this.click(hook);
  }

  click(hook: string): Promise<void> {
    return this.#visitor.at(hook).click();
  }

  waitFor(hook: string): Promise<void> {
    return this.#visitor.at(hook).first().waitFor();
  }

  sees(hook: string, text: string): Promise<void> {
    return this.#visitor.reads(hook, text);
  }

  seesFrames(frames: number): Promise<void> {
    return this.#visitor.seesMoving(frames);
  }

  close(): Promise<void> {
    return this.#visitor.close();
  }
}
