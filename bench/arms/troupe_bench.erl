%% Erlang on one scheduler: erl -noshell +S 1:1 -pa DIR -run troupe_bench main WORKLOAD FIRST MOST STEP EXACT
%% Prints {"value": ..., "completed": ...} as its last line.
-module(troupe_bench).
-export([main/1]).

main([Workload, FirstText, MostText, StepText, ExactText]) ->
    First = list_to_integer(FirstText),
    Most = list_to_integer(MostText),
    Step = list_to_integer(StepText),
    Exact = ExactText =:= "true",
    case once(Workload, First) of
        {bytes, Bytes} -> print(Bytes, First);
        Us ->
            {N, LastUs, Done} = warm(Workload, First, Us, Most, Exact, First),
            Size = case Exact of
                true -> Most;
                false -> max(Step, min(Most, round(N * 120000 / max(LastUs, 1) / Step) * Step))
            end,
            Runs = if Exact andalso LastUs > 1000000 -> 0; true -> 5 end,
            Rates = [Size * 1000000 / max(once(Workload, Size), 1) || _ <- lists:seq(1, Runs)],
            Best = lists:max([N * 1000000 / max(LastUs, 1) | Rates]),
            print(Best, Done + Runs * Size)
    end,
    halt().

print(Value, Completed) -> io:format("~n{\"value\":~.3f,\"completed\":~b}~n", [Value * 1.0, Completed]).

warm(Workload, N, Us, Most, Exact, Done) when N < Most, (Exact orelse Us < 120000) ->
    Next = case Exact of true -> N * 10; false -> min(Most, N * 2) end,
    warm(Workload, Next, once(Workload, Next), Most, Exact, Done + Next);
warm(_, N, Us, _, _, Done) -> {N, Us, Done}.

%% A run in a process of its own, so that none finds the heap or the messages of another.
once(Workload, N) ->
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() -> Self ! {result, self(), run(Workload, N)} end),
    receive
        {result, Pid, {N, Value}} -> receive {'DOWN', Ref, _, _, _} -> Value end;
        {result, Pid, Other} -> exit({not_completed, Other});
        {'DOWN', Ref, _, _, Reason} -> exit(Reason)
    end.

now_us() ->
    case os:getenv("TROUPE_BENCH_CLOCK") of
        "cpu" -> element(1, erlang:statistics(runtime)) * 1000;
        _ -> erlang:monotonic_time(microsecond)
    end.

end_all(Pids) -> [exit(Pid, kill) || Pid <- Pids].

run("tell", N) ->
    Self = self(),
    Pid = spawn(fun() -> adder(0, 0, Self) end),
    Start = now_us(),
    tell(Pid, 0, N),
    Us = now_us() - Start,
    Pid ! get,
    receive {state, Handled, Sum} -> Sum = N div 2 end,
    end_all([Pid]),
    {Handled, Us};
run("ping-pong-1", N) -> ping_pong(1, N);
run("ping-pong-100", N) -> ping_pong(100, N);
run("ring", N) ->
    Self = self(),
    Last = spawn(fun() -> receive {next, Next} -> link_of_ring(Next, Self, 0) end end),
    All = [First | _] = lists:foldl(
        fun(_, [Next | _] = Made) -> [spawn(fun() -> link_of_ring(Next, Self, 0) end) | Made] end,
        [Last], lists:seq(2, 1000)),
    Last ! {next, First},
    Start = now_us(),
    First ! {token, N - 1},
    receive finished -> ok end,
    Us = now_us() - Start,
    [Pid ! {get, self()} || Pid <- All],
    Hops = lists:sum([receive {hops, H} -> H end || _ <- All]),
    end_all(All),
    {Hops, Us};
run("skynet-1e5", N) -> skynet(N);
run("skynet-1e6", N) -> skynet(N);
run("spawn", N) ->
    Start = now_us(),
    Pids = [Last | _] = spawn_all(N, [], fun answering/0),
    Last ! {answer, self()},
    receive answered -> ok end,
    Us = now_us() - Start,
    [Pid ! {answer, self()} || Pid <- Pids],
    Answers = length([receive answered -> 1 end || _ <- Pids]),
    end_all(Pids),
    {Answers, Us};
run("stop", N) -> watched_stop(N, before);
run("watch", N) -> watched_stop(N, timed);
run("bytes-shared", N) -> bytes(N, fun(_) -> fun answering/0 end, false);
run("bytes-own", N) -> bytes(N, fun(Index) -> fun() -> own(Index) end end, false);
run("bytes-used", N) -> bytes(N, fun(Index) -> fun() -> own(Index) end end, true);
run("ask", N) ->
    Pid = spawn(fun squarer/0),
    Start = now_us(),
    Right = ask(Pid, N, 0),
    Us = now_us() - Start,
    end_all([Pid]),
    {Right, Us};
run("ask-1000", N) ->
    Pid = spawn(fun squarer/0),
    Start = now_us(),
    Right = lists:sum([ask_at_once(Pid) || _ <- lists:seq(1, N div 1000)]),
    Us = now_us() - Start,
    end_all([Pid]),
    {Right, Us};
run("fan-out", N) ->
    Self = self(),
    [Last | Others] = spawn_all(1000, [], fun() -> receiver(0) end),
    Receivers = lists:reverse([Last | Others]),
    Hub = spawn(fun() -> hub(Receivers, Last, N div 1000, Self) end),
    Start = now_us(),
    receive finished -> ok end,
    Us = now_us() - Start,
    [Pid ! {get, self()} || Pid <- Receivers],
    Received = lists:sum([receive {received, Count} -> Count end || _ <- Receivers]),
    end_all([Hub | Receivers]),
    {Received, Us};
run("restart", N) ->
    Self = self(),
    logger:set_primary_config(level, none),
    Counter = counters:new(1, []),
    Supervisor = spawn(fun() -> supervisor(fun() -> counters:add(Counter, 1, 1), failing() end, Self) end),
    Pid = receive {child, First} -> First end,
    Start = now_us(),
    restarts(Pid, N),
    Us = now_us() - Start,
    end_all([Supervisor]),
    {counters:get(Counter, 1) - 1, Us};
run("timers", N) ->
    Start = now_us(),
    Armed = timers(N, 0),
    {Armed, now_us() - Start};
run("stash", N) ->
    Self = self(),
    Pid = spawn(fun() -> stash(0, Self) end),
    Start = now_us(),
    [begin
         [Pid ! {item, 1} || _ <- lists:seq(1, 1000)],
         Pid ! open,
         receive done -> ok end
     end || _ <- lists:seq(1, N div 1000)],
    Us = now_us() - Start,
    Pid ! {get, self()},
    Handled = receive {handled, Count} -> Count end,
    end_all([Pid]),
    {Handled, Us};
run("chain", N) ->
    Self = self(),
    Supervisors = [spawn(fun() -> supervisor(fun link_of_chain/0, Self) end) || _ <- lists:seq(1, 5)],
    Pids = [First | _] = [receive {child, Pid} -> Pid end || _ <- Supervisors],
    lists:foldl(fun(Pid, Next) -> Pid ! {next, Next}, Pid end, undefined, lists:reverse(Pids)),
    Start = now_us(),
    Answers = requests(First, N, 0),
    Us = now_us() - Start,
    end_all(Supervisors),
    {Answers, Us}.

tell(_, N, N) -> ok;
tell(Pid, From, N) ->
    To = min(N, From + 10000),
    adds(Pid, From, To),
    Pid ! sync,
    receive synced -> tell(Pid, To, N) end.

adds(_, To, To) -> ok;
adds(Pid, Amount, To) -> Pid ! {add, Amount band 1}, adds(Pid, Amount + 1, To).

adder(Handled, Sum, Owner) ->
    receive
        {add, Amount} -> adder(Handled + 1, Sum + Amount, Owner);
        sync -> Owner ! synced, adder(Handled, Sum, Owner);
        get -> Owner ! {state, Handled, Sum}
    end.

ping_pong(InFlight, N) ->
    Self = self(),
    Pong = spawn(fun() -> pong(0) end),
    Ping = spawn(fun() -> ping(Pong, 0, 0, N, Self) end),
    Start = now_us(),
    [Ping ! {serve, 0} || _ <- lists:seq(1, InFlight)],
    Completed = receive {finished, Count} -> Count end,
    Us = now_us() - Start,
    Pong ! {get, self()},
    receive {pongs, N} -> ok end,
    end_all([Ping, Pong]),
    {Completed, Us}.

ping(Pong, Served, Completed, N, Owner) ->
    receive
        {serve, _} -> serve(Pong, Served, Completed, N, Owner);
        {pong, _} when Completed + 1 =:= N -> Owner ! {finished, N};
        {pong, _} -> serve(Pong, Served, Completed + 1, N, Owner)
    end.

serve(Pong, N, Completed, N, Owner) -> ping(Pong, N, Completed, N, Owner);
serve(Pong, Served, Completed, N, Owner) ->
    Pong ! {ping, Served, self()},
    ping(Pong, Served + 1, Completed, N, Owner).

pong(Count) ->
    receive
        {ping, Value, ReplyTo} -> ReplyTo ! {pong, Value}, pong(Count + 1);
        {get, From} -> From ! {pongs, Count}
    end.

link_of_ring(Next, Owner, Hops) ->
    receive
        {token, 0} -> Owner ! finished, link_of_ring(Next, Owner, Hops + 1);
        {token, Left} -> Next ! {token, Left - 1}, link_of_ring(Next, Owner, Hops + 1);
        {get, From} -> From ! {hops, Hops}
    end.

skynet(N) ->
    Self = self(),
    Start = now_us(),
    spawn(fun() -> skynet_node(Self, 0, N) end),
    Sum = receive {sum, Value} -> Value end,
    Us = now_us() - Start,
    Sum = N * (N - 1) div 2,
    {N, Us}.

skynet_node(Parent, First, 1) -> Parent ! {sum, First};
skynet_node(Parent, First, Size) ->
    Self = self(),
    Part = Size div 10,
    [spawn(fun() -> skynet_node(Self, First + Child * Part, Part) end) || Child <- lists:seq(0, 9)],
    Parent ! {sum, sums(10, 0)}.

sums(0, Sum) -> Sum;
sums(Waiting, Sum) -> receive {sum, Value} -> sums(Waiting - 1, Sum + Value) end.

spawn_all(0, Pids, _) -> Pids;
spawn_all(N, Pids, Fun) -> spawn_all(N - 1, [spawn(Fun) | Pids], Fun).

answering() ->
    receive
        {answer, From} -> From ! answered, answering();
        stop -> ok
    end.

own(Total) ->
    receive {answer, From} -> From ! answered, own(Total + 1) end.

watched_stop(N, Watching) ->
    Pids = spawn_all(N, [], fun answering/0),
    Watching =:= before andalso [monitor(process, Pid) || Pid <- Pids],
    Start = now_us(),
    [begin
         Watching =:= timed andalso monitor(process, Pid),
         Pid ! stop
     end || Pid <- Pids],
    Ended = length([receive {'DOWN', _, process, Pid, normal} -> 1 end || Pid <- Pids]),
    {Ended, now_us() - Start}.

bytes(N, FunOf, IsUsed) ->
    erlang:garbage_collect(),
    Before = erlang:memory(processes),
    Pids = [spawn(FunOf(Index)) || Index <- lists:seq(1, N)],
    lists:last(Pids) ! {answer, self()},
    receive answered -> ok end,
    IsUsed andalso begin
        [Pid ! {answer, self()} || Pid <- Pids],
        [receive answered -> ok end || _ <- Pids]
    end,
    erlang:garbage_collect(),
    %% The list of process identifiers, two words each, is not the actors'.
    Bytes = (erlang:memory(processes) - Before) / N - 16,
    end_all(Pids),
    {N, {bytes, Bytes}}.

squarer() ->
    receive {square, Of, From, Ref} -> From ! {Ref, Of * Of}, squarer() end.

ask(_, 0, Right) -> Right;
ask(Pid, N, Right) ->
    Ref = monitor(process, Pid),
    Pid ! {square, 7, self(), Ref},
    receive
        {Ref, 49} -> demonitor(Ref, [flush]), ask(Pid, N - 1, Right + 1);
        {'DOWN', Ref, _, _, Reason} -> exit(Reason)
    after 5000 -> exit(timeout)
    end.

ask_at_once(Pid) ->
    Refs = [begin Ref = monitor(process, Pid), Pid ! {square, 7, self(), Ref}, Ref end || _ <- lists:seq(1, 1000)],
    lists:sum([receive {Ref, 49} -> demonitor(Ref, [flush]), 1 after 5000 -> exit(timeout) end || Ref <- Refs]).

receiver(Count) ->
    receive
        {item, Amount} -> receiver(Count + Amount);
        {round, From} -> From ! next, receiver(Count);
        {get, From} -> From ! {received, Count}, receiver(Count)
    end.

hub(_, _, 0, Owner) -> Owner ! finished;
hub(Receivers, Last, Rounds, Owner) ->
    [Pid ! {item, 1} || Pid <- Receivers],
    Last ! {round, self()},
    receive next -> hub(Receivers, Last, Rounds - 1, Owner) end.

supervisor(Child, Owner) ->
    process_flag(trap_exit, true),
    supervise(Child, Owner).

supervise(Child, Owner) ->
    Pid = spawn_link(Child),
    Owner ! {child, Pid},
    receive {'EXIT', Pid, _} -> supervise(Child, Owner) end.

failing() -> receive fail -> error(as_told) end.

restarts(_, 0) -> ok;
restarts(Pid, N) ->
    Pid ! fail,
    receive {child, Next} -> restarts(Next, N - 1) end.

timers(0, Armed) -> Armed;
timers(N, Armed) ->
    Timer = erlang:send_after(60000, self(), tick),
    true = is_integer(erlang:cancel_timer(Timer)),
    timers(N - 1, Armed + 1).

stash(Handled, Owner) ->
    receive
        open -> stash(unstash(1000, Handled), Owner, done);
        {get, From} -> From ! {handled, Handled}
    end.

stash(Handled, Owner, done) -> Owner ! done, stash(Handled, Owner).

unstash(0, Handled) -> Handled;
unstash(N, Handled) -> receive {item, Amount} -> unstash(N - 1, Handled + Amount) end.

link_of_chain() -> receive {next, Next} -> link_of_chain(Next) end.

link_of_chain(Next) ->
    receive
        {request, Value, ReplyTo} when Next =:= undefined -> ReplyTo ! {answer, Value + 1};
        {request, Value, ReplyTo} -> Next ! {request, Value + 1, ReplyTo}
    end,
    link_of_chain(Next).

requests(_, 0, Answers) -> Answers;
requests(First, N, Answers) ->
    First ! {request, 0, self()},
    receive {answer, 5} -> requests(First, N - 1, Answers + 1) end.
