export const f = (g: () => void) => {
  try {
    g();
  } catch {}
};
