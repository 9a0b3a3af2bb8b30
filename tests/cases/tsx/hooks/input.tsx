import { useEffect, type Dispatch } from "react";
export { Board } from "./board";

type State = { count: number };
type Action = { type: "more" } | { type: "less"; by: number };

/** The next state. */
function reducer(state: State, action: Action): State {
  return state;
}

// Runs once.
export function useOnce(effect: () => void, deps: unknown[] = []): void {
  const run = () => effect();
  useEffect(run, deps);
}

export const Context = React.createContext<{ state: State; dispatch: Dispatch<Action> } | null>(null);
export async function load(): Promise<typeof import("./board")> {
  return import("./board");
}
