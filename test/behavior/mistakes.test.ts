/** Mistakes in behaviors that are found when they run: each fails its actor, under the tag by which `docs/errors.md` explains it. */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type Behavior, type TroupeErrorTag } from 'troupe'
import { kit, newScene, tellAll, twice } from '../scene.js'

beforeEach(newScene)

const ignoring = Behaviors.receiveMessage<string>(() => Behaviors.same)
const waiting = Behaviors.coroutine<string>(function* (co) {
  yield* co.receive(() => false)
  return Behaviors.stopped
})
const endless = (): Behavior<string> => Behaviors.setup(() => endless())
/** One interceptor more with each message. */
const growing = (): Behavior<string> =>
  pipe(
    Behaviors.receiveMessage<string>(() => growing()),
    Behaviors.transformMessages((text: string) => ({ _tag: 'Some', value: text })),
  )

it.each<readonly [string, TroupeErrorTag, Behavior<string>, number]>([
  ['no behavior returned', 'IllegalState', Behaviors.receiveMessage<string>(() => undefined as never), 1],
  ['same as the first behavior', 'IllegalArgument', Behaviors.setup<string>(() => Behaviors.same), 0],
  ['a setup without end', 'IllegalState', endless(), 0],
  ['too many interceptors', 'IllegalState', growing(), 101],
  ['a start used twice', 'UnsupportedOperation', pipe(ignoring, Behaviors.intercept(twice)), 0],
  ['two that wait in orElse', 'IllegalArgument', pipe(waiting, Behaviors.orElse(waiting)), 0],
  [
    'a supervise in orElse',
    'IllegalArgument',
    pipe(ignoring, Behaviors.orElse(pipe(ignoring, Behaviors.supervise(SupervisorStrategy.restart)))),
    0,
  ],
  [
    'a message delegated to one that waits',
    'IllegalState',
    Behaviors.receive<string>((context, text) => context.delegate(waiting, text)),
    1,
  ],
])('%s is %s', (_, tag, behavior, messages) => {
  const errors = kit.createLogProbe({ level: 'error' })
  const actor = kit.spawn(behavior, 'actor')
  tellAll(actor, ...Array.from({ length: messages }, () => 'go'))

  expect(errors.receiveMessage().cause).toMatchObject({ _tag: tag })
})
