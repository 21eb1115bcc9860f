// How a record leaves the page.
const keeping = { menu: () => null };
