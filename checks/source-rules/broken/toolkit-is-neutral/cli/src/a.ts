export const parkingSpot = 'a booking of a driver';
