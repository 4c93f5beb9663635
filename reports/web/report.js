// Puts a live chart in the place of each picture, and draws it anew when the width or the choice
// of light or dark changes.
(function () {
  'use strict';
  var data = JSON.parse(document.getElementById('chart-data').textContent);
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  var live = [];

  function draw(one) {
    var theme = atonceCharts.themeOf(data.palette, dark.matches ? 'dark' : 'light');
    var composed = atonceCharts.compose(data.charts[one.name], theme, one.width);
    var before = one.chart.getOption();
    if (before && before.legend) composed.option.legend.selected = before.legend[0].selected;
    one.holder.style.height = composed.height + 'px';
    one.chart.resize({ width: one.width, height: composed.height });
    one.chart.setOption(composed.option, true);
  }

  function start(holder) {
    var one = { holder: holder, name: holder.dataset.chart, width: holder.clientWidth };
    holder.textContent = '';
    one.chart = echarts.init(holder, null, { renderer: 'svg', width: one.width, height: 300 });
    draw(one);
    holder.dataset.live = 'true';
    live.push(one);
    new ResizeObserver(function () {
      if (holder.clientWidth === one.width) return;
      one.width = holder.clientWidth;
      draw(one);
    }).observe(holder);
  }

  Array.prototype.forEach.call(document.querySelectorAll('.chart'), start);
  dark.addEventListener('change', function () { live.forEach(draw); });
})();
