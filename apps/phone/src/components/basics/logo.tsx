/** A voice and its echo; the same drawing as the favicon. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect class="logo-ground" width="32" height="32" rx="9" />
      <g class="logo-waves" fill="none" stroke-width="2.6" stroke-linecap="round">
        <path d="M15 10.2a8.2 8.2 0 0 1 0 11.6" />
        <path d="M19.6 6.6a13.3 13.3 0 0 1 0 18.8" opacity=".62" />
      </g>
      <circle class="logo-voice" cx="10" cy="16" r="3.2" />
    </svg>
  );
}
