import t from 'tap';
import { isGuessable } from '../src/domain/guessable-password.ts';

const person = { email: 'ana.garcia@example.com', displayName: 'Ana García' };

t.test('passwords that would be tried first', async (t) => {
  for (const password of [
    'password1234',
    'Password1234',
    'P@ssw0rd1234',
    'passwordpassword',
    'qwertyuiop12',
    '123456789012',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcdefghijkl',
    'letmein123456',
    'contraseña2036',
    'ana.garcia1234',
    'AnaGarcia123',
    'ana.garcia@example.com',
    '            ',
  ])
    t.ok(isGuessable(password, person), password);
});

t.test('passwords that are good enough, whatever characters they are made of', async (t) => {
  for (const password of [
    'seven blue umbrellas',
    'quiet northern lanterns',
    'park-wise-demo',
    'not the right one',
    'kX9#mQ2$vL7p',
    '7391628405173',
    'ñandú en la azotea',
  ])
    t.notOk(isGuessable(password, person), password);
});

t.test('letters that mean something in a pattern are letters', async (t) => {
  t.notOk(isGuessable('seven blue umbrellas', { email: '.*+(\\]^-x)@example.com', displayName: '.... [a-z]+' }));
});
