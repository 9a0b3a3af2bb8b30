/** Keys of the rows. */
const enum Key {
  First = "first",
}

export const List = <T extends { id: string }>({ rows, ...rest }: { rows: T[] }) => (
  <ul {...rest}>{rows.map((row) => <li key={row.id} />)}</ul>
);

const withTheme = <P extends object>(Inner: React.ComponentType<P>) => {
  function Themed(props: P) {
    return <Inner {...props} />;
  }
  Themed.displayName = "Themed";
  return Themed;
};

List.displayName = "List";
List.isEmpty = function (rows: unknown[]): boolean {
  return !rows.length;
};

export const unfinished = <div>
