type TextType = 'text/csv' | 'application/json' | 'application/x-ndjson' | 'text/javascript';

/** Saves a text as a file. It is made in the browser, and nothing is sent. */
export const saveText = (name: string, type: TextType, text: string) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  [link.href, link.download] = [address, name];
  link.click();
  URL.revokeObjectURL(address);
};
