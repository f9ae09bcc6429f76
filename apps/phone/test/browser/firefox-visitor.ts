import type { Firefox, FirefoxPage } from "@echoo/testkit";
import { decodedFrames, endTrack, hasOffered, recordPeers, stepDeadlineMs } from "./visitor.ts";

interface FirefoxVisitorOptions {
  readonly phone: string;
  readonly name: string;
  readonly url: string;
  /** The browser is theirs alone: other tabs of it are no other people's. */
  readonly alone?: boolean;
}

/** Somebody at a page of Firefox, with what `Visitor` can do in Chromium as far as tests of both need it. */
export class FirefoxVisitor {
  readonly phone: string;
  readonly #page: FirefoxPage;
  readonly #name: string;

  private constructor(page: FirefoxPage, { phone, name }: FirefoxVisitorOptions) {
    this.#page = page;
    this.phone = phone;
    this.#name = name;
  }

  /** A page at which somebody has signed in and is online. */
  static async signedIn(browser: Firefox, options: FirefoxVisitorOptions): Promise<FirefoxVisitor> {
    const page = await browser.newPage();
    await page.addInitScript(recordPeers);
    // Named in the address: the windows of this browser share what it stores.
    await page.goto(options.alone ? options.url : `${options.url}/?as=${options.phone}`);
    const visitor = new FirefoxVisitor(page, options);
    await visitor.#fill("phone-input", options.phone);
    await visitor.#fill("name-input", options.name);
    await visitor.click("sign-in");
    await visitor.reads("status", "online");
    return visitor;
  }

  get complaints(): readonly string[] {
    return this.#page.complaints;
  }

  async call(to: string, kind: "video" | "audio" = "video"): Promise<void> {
    await this.#fill("dial-input", to);
    await this.click(`call-${kind}`);
  }

  /** Clicks what has this hook, once it is there and may be clicked. */
  async click(hook: string): Promise<void> {
    await this.#until(`${hook} to click`, () =>
      this.#page.evaluate((id) => {
        const element = document.querySelector<HTMLButtonElement>(`[data-testid="${id}"]`);
        if (element === null || element.disabled) return false;
        element.click();
        return true;
      }, hook),
    );
  }

  async reads(hook: string, text: string): Promise<void> {
    await this.#until(`${hook} to read ${text}`, () =>
      this.#page.evaluate(
        (id, wanted) =>
          [...document.querySelectorAll(`[data-testid="${id}"]`)].some((one) => one.textContent?.trim() === wanted),
        hook,
        text,
      ),
    );
  }

  async seesMoving(frames = 10): Promise<void> {
    const target = (await this.#page.evaluate(decodedFrames)) + frames;
    await this.#until(`${target} pictures`, async () => (await this.#page.evaluate(decodedFrames)) >= target);
  }

  losesDevice(kind: "audio" | "video"): Promise<void> {
    return this.#page.evaluate(endTrack, kind);
  }

  /** Offers once `press` is done, and nobody hears of it before `release`. */
  async offersUnheard(press: () => Promise<void>): Promise<void> {
    await this.#page.evaluate(() => window.holdMessages());
    await press();
    await this.#until("its own offer", () => this.#page.evaluate(hasOffered));
  }

  release(): Promise<void> {
    return this.#page.evaluate(() => window.releaseMessages());
  }

  /** Goes to another address in the same tab. */
  goto(url: string): Promise<void> {
    return this.#page.goto(url);
  }

  reload(): Promise<void> {
    return this.#page.reload();
  }

  closeTab(): Promise<void> {
    return this.#page.close();
  }

  async #fill(hook: string, text: string): Promise<void> {
    await this.#until(`${hook} to fill`, () =>
      this.#page.evaluate(
        (id, value) => {
          const input = document.querySelector<HTMLInputElement>(`[data-testid="${id}"]`);
          if (input === null) return false;
          input.value = value;
          input.dispatchEvent(new Event("input", { bubbles: true }));
          return true;
        },
        hook,
        text,
      ),
    );
  }

  async #until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadlineMs = Date.now() + stepDeadlineMs;
    while (!(await holds())) {
      if (Date.now() > deadlineMs) throw new Error(`${this.#name} waited for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
