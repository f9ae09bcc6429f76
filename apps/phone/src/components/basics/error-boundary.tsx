import { Component, type ComponentChildren } from "preact";
import { say } from "../../i18n/say.ts";
import { Logo } from "./logo.tsx";

/** Where a part of the page throws while it is drawn, a screen in its place that says so, and a way out. */
export class ErrorBoundary extends Component<{ readonly children: ComponentChildren }, { readonly failed: boolean }> {
  static override getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    // For a developer who looks into it: nothing else tells of it.
    console.error(error);
  }

  override render() {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  return (
    <main class="sign-in">
      <div class="sign-in-card" role="alert" data-testid="broken">
        <header class="brand">
          <Logo size={44} />
          <h1>{say.broken.heading}</h1>
        </header>
        <p>{say.broken.lead}</p>
        <a class="button primary" href="/" data-testid="start-anew">
          {say.broken.startAnew}
        </a>
      </div>
    </main>
  );
}
