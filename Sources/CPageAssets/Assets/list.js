// The table of figures as a list to choose from: sorted by a figure, filtered by a figure's limits, a click shows a motion.

class MotionList {
  constructor(player, table) {
    this.player = player;
    this.table = table;
    this.rows = [...table.querySelectorAll("tbody tr")];
    if (this.rows.length !== player.motions.length || this.rows.length < 2) return;
    this.titles = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent);
    this.values = this.rows.map((row) => [...row.cells].map((cell) => parseFloat(cell.dataset.value)));
    this.buildFilter();
    this.rows.forEach((row, index) => this.offer(row, index));
    [...table.querySelectorAll("thead th")].forEach((cell, column) => this.sortBy(cell, column));
    player.list = this;
    this.refresh();
  }

  buildFilter() {
    const bar = make("div", "sf-filter");
    this.table.parentElement.before(bar);
    bar.append(make("span", "", "list motions whose"));
    const figures = this.titles.slice(1).map((title, i) => [i + 1, title]);
    this.figure = select(bar, "the figure that is filtered by", figures, () => this.filter());
    this.sense = select(bar, "over or under", [["over", "is over"], ["under", "is under"]], () => this.filter());
    this.limit = bar.appendChild(make("input"));
    Object.assign(this.limit, { type: "number", step: "any", placeholder: "any value", oninput: () => this.filter() });
    this.limit.setAttribute("aria-label", "the limit of the figure");
    this.name = bar.appendChild(make("input"));
    Object.assign(this.name, { type: "search", placeholder: "name", oninput: () => this.filter() });
    this.name.setAttribute("aria-label", "a part of the name");
    this.count = bar.appendChild(make("output", "soft"));
  }

  offer(row, index) {
    row.classList.add("sf-pick");
    row.tabIndex = 0;
    row.title = "show this motion alone; with ctrl or shift beside the others";
    const pick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) this.player.toggleMotion(index);
      else this.player.showOnly(index);
    };
    row.onclick = pick;
    row.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      pick(event);
      event.stopPropagation();
    };
  }

  sortBy(cell, column) {
    cell.classList.add("sf-sort");
    cell.title = "sort";
    cell.onclick = () => {
      this.sign = this.sorted === column ? -this.sign : column === 0 ? 1 : -1;
      this.sorted = column;
      const order = this.rows.map((row, i) => [row, this.values[i][column], row.cells[0].textContent]);
      const compare = column === 0 ? (a, b) => a[2].localeCompare(b[2]) : (a, b) => (isNaN(a[1]) ? 1 : isNaN(b[1]) ? -1 : a[1] - b[1]);
      order.sort((a, b) => (column && (isNaN(a[1]) || isNaN(b[1])) ? compare(a, b) : this.sign * compare(a, b)));
      this.rows[0].parentElement.append(...order.map(([row]) => row));
    };
  }

  filter() {
    const [column, limit, part] = [+this.figure.value, parseFloat(this.limit.value), this.name.value.toLowerCase()];
    let listed = 0;
    this.rows.forEach((row, i) => {
      const value = this.values[i][column];
      const fits = isNaN(limit) || (this.sense.value === "over" ? value > limit : value < limit);
      row.hidden = !(fits && row.cells[0].textContent.toLowerCase().includes(part));
      listed += !row.hidden;
    });
    this.count.textContent = `${listed} of ${this.rows.length}`;
  }

  refresh() { this.rows.forEach((row, i) => row.classList.toggle("sf-shown", this.player.isShown[i])); }
}
