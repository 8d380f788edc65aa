var n={};function l(o,e,t){n[o]?.(e,t)}export{l as use};
