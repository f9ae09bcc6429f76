import { render } from "preact";
import { App } from "./app.tsx";
import { ErrorBoundary } from "./components/basics/error-boundary.tsx";
import { applyLanguage } from "./i18n/say.ts";
import { Phone } from "./state/phone.ts";

applyLanguage(document.documentElement);
const root = document.getElementById("app");
if (root) {
  const app = (
    <ErrorBoundary>
      <App phone={new Phone(location)} />
    </ErrorBoundary>
  );
  render(app, root);
}
// What throws above leaves the shell on the screen, which then says so.
document.getElementById("shell")?.remove();
