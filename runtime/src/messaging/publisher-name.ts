/** `OrderPlaced`, `order-placed`, `HTTPOrder` → `orderPlaced`, `orderPlaced`, `httpOrder`. */
export function publisherName(message: string): string {
  const words = message
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}
