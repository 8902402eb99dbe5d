import type { Sql } from '@parkwise/runtime';
import type { SpotSearch } from '../application/ports.ts';
import { listedWithin } from './listed-within.ts';
import { fromRow, ratingFrom } from './spot-row.ts';
import { spotsTable } from './tables.ts';

const { columns } = spotsTable;

/** Search in SQL by an index on the coordinates. */
export const knexSpotSearch = ({ sql }: { readonly sql: Sql }): SpotSearch => ({
  async around({ centre, radius, type, amenities, maxPrice }) {
    const found = await listedWithin(sql, { centre, radius }, (query) => {
      void query.select(columns.id, columns.hourlyAmount, columns.ratingSum, columns.ratingCount);
      if (amenities.length > 0) void query.select(columns.amenities);
      if (type) void query.where(columns.type, type);
      if (maxPrice !== undefined) void query.where(columns.hourlyAmount, '<=', maxPrice);
      return query;
    });
    return found.flatMap(({ row, distance }) => {
      const { id, hourlyAmount, amenities: offered } = row;
      if (!amenities.every((amenity) => offered.includes(amenity))) return [];
      const rating = ratingFrom(row);
      return [{ spotId: id, distance, hourlyAmount, ...(rating && { rating }) }];
    });
  },

  async listed(spotIds) {
    const rows = await spotsTable.find(sql, { id: spotIds, status: 'LISTED' });
    return new Map(rows.map((row) => [row.id, fromRow(row)]));
  },
});
