// In the person's own hands.
const hands = { locked: () => false, menu: () => null, silence() {}, wayBack: () => null };
