import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

declare global {
  interface Window {
    /** Every peer connection that the page opened, for their statistics. */
    peers: RTCPeerConnection[];
    /** What the page wants to tell the server waits from now on, until it is let go. */
    holdMessages(): void;
    releaseMessages(): void;
  }
}

export const stepDeadlineMs = 20_000;

interface VisitorOptions {
  readonly phone: string;
  readonly name: string;
  readonly url: string;
  /** What the address carries besides, such as `?as=`. */
  readonly search?: string;
  readonly context?: BrowserContextOptions;
}

/** Somebody at a page of their own browser, as far from the others as another computer. */
export class Visitor {
  readonly page: Page;
  readonly phone: string;
  readonly name: string;
  readonly url: string;
  /** What the page complained about; a test asserts that it stays empty. */
  readonly complaints: string[] = [];

  private constructor(page: Page, options: VisitorOptions) {
    this.page = page;
    this.phone = options.phone;
    this.name = options.name;
    this.url = `${options.url}/${options.search ?? ""}`;
    page.setDefaultTimeout(stepDeadlineMs);
    page.on("pageerror", (error) => this.complaints.push(`${options.name}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`${options.name}: ${message.text()}`);
    });
  }

  /** A page that nobody is signed in at. */
  static async open(browser: Pick<Browser, "newContext">, options: VisitorOptions): Promise<Visitor> {
    // Animations that run on keep the compositor busy, which is software here.
    const context = await browser.newContext({
      permissions: ["camera", "microphone"],
      reducedMotion: "reduce",
      ...options.context,
    });
    await context.addInitScript(recordPeers);
    const visitor = new Visitor(await context.newPage(), options);
    await visitor.page.goto(visitor.url);
    return visitor;
  }

  /** A page at which somebody has signed in and is online. */
  static async signedIn(browser: Pick<Browser, "newContext">, options: VisitorOptions): Promise<Visitor> {
    const visitor = await Visitor.open(browser, options);
    await visitor.signIn();
    return visitor;
  }

  /** Another tab of the same browser, as somebody else where the address says so. */
  async anotherTab(as?: Pick<VisitorOptions, "phone" | "name" | "search">): Promise<Visitor> {
    const page = await this.page.context().newPage();
    const tab = new Visitor(page, { phone: this.phone, name: this.name, url: new URL(this.url).origin, ...as });
    await page.goto(tab.url);
    return tab;
  }

  async signIn(): Promise<void> {
    await this.at("phone-input").fill(this.phone);
    await this.at("name-input").fill(this.name);
    await this.at("sign-in").click();
    await this.reads("status", "online");
  }

  at(hook: string): Locator {
    return this.page.getByTestId(hook);
  }

  /** Waits until an element with this hook reads exactly so. */
  async reads(hook: string, text: string): Promise<void> {
    await this.page.waitForFunction(
      ([id, wanted]) =>
        [...document.querySelectorAll(`[data-testid="${id}"]`)].some(
          (element) => element.textContent?.trim() === wanted,
        ),
      [hook, text] as const,
      { polling: 50 },
    );
  }

  async call(to: string, kind: "video" | "audio" = "video"): Promise<void> {
    await this.at("dial-input").fill(to);
    await this.at(`call-${kind}`).click();
  }

  /** Waits until the browser has decoded so many more pictures from the other side than it has now. */
  async seesMoving(frames = 10): Promise<void> {
    const target = (await this.page.evaluate(decodedFrames)) + frames;
    // Asked from here: a promise counts as true for waitForFunction, whatever comes of it.
    const deadline = Date.now() + stepDeadlineMs;
    for (;;) {
      const decoded = await this.page.evaluate(decodedFrames);
      if (decoded >= target) return;
      if (Date.now() > deadline) throw new Error(`${this.name} saw ${decoded} pictures, not ${target}`);
      await this.page.waitForTimeout(50);
    }
  }

  click(hook: string): Promise<void> {
    return this.at(hook).click();
  }

  async losesDevice(kind: "audio" | "video"): Promise<void> {
    await this.page.evaluate(endTrack, kind);
  }

  /** Offers once `press` is done, and nobody hears of it before `release`. */
  async offersUnheard(press: () => Promise<void>): Promise<void> {
    await this.page.evaluate(() => window.holdMessages());
    await press();
    await this.page.waitForFunction(hasOffered);
  }

  async release(): Promise<void> {
    await this.page.evaluate(() => window.releaseMessages());
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  /** Closes this page as its user does, who does not mind a warning. */
  async closeTab(): Promise<void> {
    await this.page.close();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

export function hasOffered(): boolean {
  return window.peers.at(-1)?.signalingState === "have-local-offer";
}

export function recordPeers(): void {
  let held: (() => void)[] | undefined;
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (held) held.push(() => send.call(this, data));
    else send.call(this, data);
  };
  window.holdMessages = () => {
    held = [];
  };
  window.releaseMessages = () => {
    const waiting = held ?? [];
    held = undefined;
    for (const tell of waiting) tell();
  };
  window.peers = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      window.peers.push(this);
    }
  };
}

/** Ends what is sent of a kind, as when its device is pulled out while the machine sleeps: no event tells of it. */
export function endTrack(kind: string): void {
  for (const peer of window.peers) {
    for (const { track } of peer.getSenders()) if (track?.kind === kind) track.stop();
  }
}

/** Pictures that this page's connections have decoded. */
export async function decodedFrames(): Promise<number> {
  let frames = 0;
  for (const peer of window.peers) {
    const report = await peer.getStats();
    report.forEach((row) => {
      if (row.type === "inbound-rtp" && row.kind === "video") frames += row.framesDecoded ?? 0;
    });
  }
  return frames;
}
