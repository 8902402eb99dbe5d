/** A part of the city, and what parking is like there. */
export interface Neighbourhood {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly postalCode: string;
  readonly streets: readonly string[];
  /** Usual base price per hour, in cents. */
  readonly hourly: number;
  readonly character: 'centre' | 'residential' | 'offices' | 'beach' | 'hospital' | 'station';
}

export const neighbourhoods: readonly Neighbourhood[] = [
  n(
    'El Carme',
    [39.4787, -0.3799],
    '46003',
    ['Carrer de Dalt', 'Carrer de Baix', 'Carrer de la Corona'],
    320,
    'centre',
  ),
  n('El Mercat', [39.4738, -0.3789], '46001', ['Carrer de les Danses', 'Carrer de Carabasses'], 340, 'centre'),
  n('La Seu', [39.4757, -0.3754], '46001', ['Carrer de Cavallers', 'Carrer de Navellos'], 340, 'centre'),
  n(
    'Sant Francesc',
    [39.4697, -0.3767],
    '46002',
    ['Carrer de Ribera', 'Carrer de Convent de Santa Clara'],
    360,
    'centre',
  ),
  n('El Pla del Remei', [39.4687, -0.3703], '46004', ['Carrer de Sorní', 'Carrer de Ciril Amorós'], 330, 'offices'),
  n('Gran Via', [39.4646, -0.3687], '46005', ['Carrer de Salamanca', 'Carrer del Comte d’Altea'], 290, 'residential'),
  n(
    'Russafa',
    [39.4612, -0.3729],
    '46006',
    ['Carrer de Cuba', 'Carrer de Sueca', 'Carrer de Cadis'],
    270,
    'residential',
  ),
  n('Estació del Nord', [39.4664, -0.3774], '46007', ['Carrer de Xàtiva', 'Carrer de Bailèn'], 350, 'station'),
  n(
    'Joaquín Sorolla',
    [39.4593, -0.3817],
    '46007',
    ['Carrer de Sant Vicent Màrtir', 'Carrer de Filipines'],
    260,
    'station',
  ),
  n('Arrancapins', [39.4657, -0.3857], '46007', ['Carrer de Conca', 'Carrer d’Àngel Guimerà'], 220, 'residential'),
  n('La Petxina', [39.4731, -0.3918], '46008', ['Carrer del Palleter', 'Carrer de Calixt III'], 200, 'residential'),
  n(
    'Campanar',
    [39.4827, -0.3963],
    '46015',
    ['Avinguda de les Corts Valencianes', 'Carrer de Valle de la Ballestera'],
    190,
    'offices',
  ),
  n(
    'Benicalap',
    [39.4926, -0.3907],
    '46025',
    ['Avinguda de Burjassot', 'Carrer del Pintor Aguilar'],
    120,
    'residential',
  ),
  n(
    'Orriols',
    [39.4935, -0.3662],
    '46019',
    ['Carrer de Sant Joan de la Penya', 'Carrer del Arquitecte Rodríguez'],
    120,
    'residential',
  ),
  n(
    'Benimaclet',
    [39.4851, -0.3582],
    '46020',
    ['Carrer de la Baronessa de Petrés', 'Carrer del Mistral'],
    150,
    'residential',
  ),
  n('Mestalla', [39.4733, -0.3592], '46010', ['Carrer d’Aragó', 'Carrer de les Arts Gràfiques'], 210, 'offices'),
  n('La Bega Baixa', [39.4779, -0.3446], '46022', ['Carrer de Ramon Llull', 'Carrer del Serpis'], 160, 'offices'),
  n(
    'Ciutat de les Arts',
    [39.4571, -0.3524],
    '46013',
    ['Carrer d’Antonio Ferrandis', 'Passeig de l’Albereda'],
    280,
    'centre',
  ),
  n(
    'La Fe',
    [39.4436, -0.3757],
    '46026',
    ['Avinguda de Ferran Abril Martorell', 'Carrer de Bulevard Sud'],
    170,
    'hospital',
  ),
  n(
    'Montolivet',
    [39.4588, -0.3641],
    '46006',
    ['Carrer de l’Escultor José Capuz', 'Carrer de Pere Aleixandre'],
    180,
    'residential',
  ),
  n('Patraix', [39.4583, -0.3958], '46018', ['Carrer de Salavert', 'Carrer de Marqués d’Elx'], 140, 'residential'),
  n(
    'Hospital General',
    [39.4676, -0.4043],
    '46014',
    ['Avinguda de les Tres Creus', 'Carrer de Nicasi Benlloch'],
    150,
    'hospital',
  ),
  n('El Grau', [39.4606, -0.3347], '46024', ['Carrer de J. J. Dòmine', 'Avinguda del Port'], 170, 'beach'),
  n('El Cabanyal', [39.4712, -0.3289], '46011', ['Carrer de la Reina', 'Carrer del Doctor Lluch'], 190, 'beach'),
  n(
    'La Malva-rosa',
    [39.4804, -0.3269],
    '46011',
    ['Carrer de la Cavallers', 'Carrer d’Isabel de Villena'],
    200,
    'beach',
  ),
];

function n(
  name: string,
  [latitude, longitude]: readonly [number, number],
  postalCode: string,
  streets: readonly string[],
  hourly: number,
  character: Neighbourhood['character'],
): Neighbourhood {
  return { name, latitude, longitude, postalCode, streets, hourly, character };
}
