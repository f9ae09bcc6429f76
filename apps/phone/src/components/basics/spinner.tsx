/** Shows that something happens, where its words stand beside it. */
export function Spinner() {
  return <span class="spinner" aria-hidden="true" />;
}
