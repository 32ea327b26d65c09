// A classic script, run before the first paint, so that the remembered theme never flashes in as a change.
// Storage can be forbidden altogether; the system's preference then decides.
(() => {
  const KEY = 'handfast.theme';
  const root = document.documentElement;
  try {
    const remembered = localStorage.getItem(KEY);
    if (remembered === 'light' || remembered === 'dark') root.dataset.theme = remembered;
  } catch {}

  window.handfastTheme = {
    current() {
      return root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    },
    toggle() {
      root.dataset.theme = this.current() === 'dark' ? 'light' : 'dark';
      try {
        localStorage.setItem(KEY, root.dataset.theme);
      } catch {}
    },
  };
})();
