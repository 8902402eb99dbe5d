import { boxesAround } from './geography.ts';
import type { Point } from './geography.ts';

/**
 * The map in cells of a twentieth of a degree, some five kilometres. What happens to a spot is told to its cell; whoever watches an
 * area watches all cells that it touches.
 */
export type Cell = string;

const cellsPerDegree = 20;
const rowOf = (latitude: number): number => Math.floor(latitude * cellsPerDegree);
const columnOf = (longitude: number): number => Math.floor(longitude * cellsPerDegree);
const cell = (row: number, column: number): Cell => `${row}:${column}`;

export const cellOf = ({ coordinates: [longitude, latitude] }: Point): Cell =>
  cell(rowOf(latitude), columnOf(longitude));

/** Always the same ones in the same order for the same circle. */
export function cellsAround(centre: Point, radius: number): readonly Cell[] {
  const cells = new Set<Cell>();
  for (const { south, north, west, east } of boxesAround(centre, radius)) {
    for (let row = rowOf(south); row <= rowOf(north); row += 1) {
      for (let column = columnOf(west); column <= columnOf(east); column += 1) cells.add(cell(row, column));
    }
  }
  return [...cells];
}
